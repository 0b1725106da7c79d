<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>{title}</title>
<style>
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 20%, transparent); }
body { font: 1.1rem/1.5 system-ui, sans-serif; max-width: 36rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; }
ul { list-style: none; padding: 0; }
li { display: flex; gap: .75rem; align-items: center; padding: .5rem 0; border-bottom: 1px solid var(--line); }
li form { display: contents; }
.done a { text-decoration: line-through; opacity: .7; }
a { color: inherit; overflow-wrap: anywhere; }
label { display: block; margin-bottom: .3rem; }
input { font: inherit; width: 100%; box-sizing: border-box; padding: .4rem .6rem; margin-bottom: .8rem; }
button, .button { font: inherit; padding: .3rem .9rem; border: 1px solid var(--line); border-radius: .4rem; background: none; color: inherit; cursor: pointer; text-decoration: none; }
button:hover, .button:hover { background: var(--line); }
.tick { width: 2.2rem; padding: .1rem 0; }
:focus-visible { outline: 3px solid #4a90d9; outline-offset: 2px; }
</style>
</head>
<body>
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
