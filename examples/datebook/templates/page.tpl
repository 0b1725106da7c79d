<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} – Datebook</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/static/style.css">
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header>
<nav aria-label="Datebook">
<a href="/" aria-current="{area:current|week}">Week</a>
<a href="/month" aria-current="{area:current|month}">Month</a>
<a href="/contacts" aria-current="{area:current|contacts}">Contacts</a>
<a href="/tasks" aria-current="{area:current|tasks}">Tasks</a>
<a href="/files" aria-current="{area:current|files}">Import and export</a>
</nav>
<form role="search" action="/search" class="inline">
<input type="search" name="q" aria-label="Search everything" placeholder="Search everything">
<button>Search</button>
</form>
<form method="post" action="/__desktop/quit" class="inline"><button>Quit</button></form>
</header>
<main id="main" tabindex="-1">
<h1>{title}</h1>
{flash}
{work}
<div id="undo" data-live="records">
{undo}</div>
{body}
</main>
</body>
</html>
