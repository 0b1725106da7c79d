<extend>page <?body?>
<div id="preview" data-live="preview">
<?if preview?>
<?each preview?>
<p>Rows in <strong>{file}</strong>: <?if good?>{good:num}<?else?>none<?end if?> valid<?if bad?>, {bad:num} invalid (will be skipped)<?end if?>.</p>
<div class="tools">
<?if good?><form method="post" action="/import/{ticket}"><button class="first">Import {good:num}</button></form><?end if?>
<a class="button" href="/files">Cancel</a>
</div>
<?if wrong?>
<h2>Invalid rows</h2>
<table class="list">
<thead><tr><th scope="col">Line</th><th scope="col">Error</th><th scope="col">Row</th></tr></thead>
<tbody>
<?each wrong?>
<tr><td>{line}</td><td class="error">{why}</td><td>{row}</td></tr>
<?end each?>
</tbody>
</table>
<?if unseen?><p>And {unseen:num} more.</p><?end if?>
<?end if?>
<?if rows?>
<h2>Valid rows</h2>
<p>The first ones:</p>
<table class="list">
<thead><tr><?each columns?><th scope="col">{@it}</th><?end each?></tr></thead>
<tbody>
<?each rows?>
<tr><?each cells?><td>{@it}</td><?end each?></tr>
<?end each?>
</tbody>
</table>
<?end if?>
<?end each?>
<?else?>
<?if has_failed?>
<p>The check was cancelled or failed.</p>
<?else?>
<p>The file is being checked.</p>
<?end if?>
<div class="tools"><a class="button" href="/files">Back</a></div>
<?end if?>
</div>
</extend>
