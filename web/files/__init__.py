"""What people sent: photos and papers, for those who may see them."""
