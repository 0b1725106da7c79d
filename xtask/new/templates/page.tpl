<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>{title}</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<nav>
<a href="/">Items</a>
<a href="/__copies/">Copies</a>
<form method="post" action="/__desktop/quit"><button>Quit</button></form>
</nav>
<main>
<h1>{title}</h1>
{flash}
{work}
<div id="undo" data-live="records">{undo}</div>
{body}
</main>
</body>
</html>
