<extend>page
<?title?>
<?if is_new?>New item<?else?>Item<?end if?>
<?body?>
{form}
<p><a href="/">Back</a></p>
</extend>
