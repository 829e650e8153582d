"""What every page shares: permissions, error pages, headers, assets, languages, paging."""
