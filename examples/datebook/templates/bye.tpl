<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Goodbye – Datebook</title>
<link rel="icon" href="data:,">
<style>
:root { color-scheme: light dark; color: CanvasText; background: Canvas; }
body { font: 1.1rem/1.5 system-ui, sans-serif; max-width: 36rem; margin: 4rem auto; padding: 0 1rem; }
</style>
</head>
<body>
<main>
<h1>Goodbye.</h1>
<p>Everything is saved. You can close this tab.</p>
</main>
</body>
</html>
