"""The verbs of 绿币, by noun: `schemes`, `claims`, `reviews`, `awards`, `shop`."""
