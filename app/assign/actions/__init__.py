"""Every write of assign, a chapter for each noun; each public function is one transaction."""
