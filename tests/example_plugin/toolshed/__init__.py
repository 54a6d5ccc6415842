"""邻里工具间: what the neighbours lend each other. A stranger's plugin, as small as one can be."""
