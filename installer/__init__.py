"""What makes installers of the desk."""
