"""Keeping an installation: backups, and back; whether it is fit for use."""
