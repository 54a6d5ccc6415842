"""Everything beyond the core is a plugin. Ours come through the same door as strangers'."""
