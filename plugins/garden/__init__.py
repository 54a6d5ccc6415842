"""共享菜园: neighbours rent plots of a shared garden; the committee's public account gets the fees."""
