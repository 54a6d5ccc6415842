"""邻里工具间: neighbours borrow tools against a deposit. A stranger's plugin, whole and small."""
