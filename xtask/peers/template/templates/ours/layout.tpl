<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}</title><link rel="stylesheet" href="/style.css"></head>
<body>
<header><h1>{title}</h1><nav><a href="/">Home</a> <a href="/contacts">Contacts</a> <a href="/tasks">Tasks</a></nav><p>Signed in as {user}</p></header>
<main>{.body}</main>
<footer><p>Kept on this computer only.</p></footer>
</body>
</html>
