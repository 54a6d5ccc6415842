"""Reads of 绿币: `schemes` and their rules, `claims` and lists, `points` of households, the `shop`."""
