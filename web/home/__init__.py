"""The first page, language and 关怀版."""
