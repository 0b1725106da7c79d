<extend>page <?body?>
<div id="preview" data-live="preview">
<?if summary?>
<?each summary?>
<p>Rows in <strong>{file}</strong>: <?if valid_rows?>{valid:num}<?else?>none<?end if?> valid<?if invalid_rows?>, {invalid:num} invalid (will be skipped)<?end if?>.</p>
<div class="tools">
<?if valid_rows?><form method="post" action="/import/{ticket}"><button class="first">Import {valid:num}</button></form><?end if?>
<a class="button" href="/files">Cancel</a>
</div>
<?if invalid_rows?>
<h2>Invalid rows</h2>
<table class="list">
<thead><tr><th scope="col">Line</th><th scope="col">Error</th><th scope="col">Row</th></tr></thead>
<tbody>
<?each invalid_rows?>
<tr><td>{line}</td><td class="error">{error}</td><td><?each cells?><?if @first?><?else?>, <?end if?>{@it}<?end each?></td></tr>
<?end each?>
</tbody>
</table>
<?if more_invalid?><p>And {more_invalid:num} more.</p><?end if?>
<?end if?>
<?if valid_rows?>
<h2>Valid rows</h2>
<p>The first ones:</p>
<table class="list">
<thead><tr><?each columns?><th scope="col">{@it}</th><?end each?></tr></thead>
<tbody>
<?each valid_rows?>
<tr><?each cells?><td>{@it}</td><?end each?></tr>
<?end each?>
</tbody>
</table>
<?end if?>
<?end each?>
<?else?>
<p><?if has_failed?>The check was cancelled or failed.<?else?>The file is being checked.<?end if?></p>
<div class="tools"><a class="button" href="/files">Back</a></div>
<?end if?>
</div>
</extend>
