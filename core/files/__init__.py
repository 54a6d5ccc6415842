"""Files that people send: kept once by what they contain, shown to those who may see what they are about."""
