<title>{title}</title>
{body}
