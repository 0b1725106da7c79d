<extend>page
<?title?>
To do ({open})
<?body?>
<ul>
<?each tasks?>
<li class="{done:class}">
<form method="post" action="/task/{id}/toggle">
<button class="tick" aria-label="<?if done?>Mark as not done<?else?>Mark as done<?end if?>: {text}"><?if done?>✓<?else?>&nbsp;<?end if?></button>
</form>
<a href="/task/{id}/edit">{text}</a>
</li>
<?else?>
<li>Nothing to do.</li>
<?end each?>
</ul>
<p><a class="button" href="/new">New task</a></p>
</extend>
