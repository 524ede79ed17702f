"""Who is at the desk: signing in, locking, the recovery code, a certificate to agree to."""
