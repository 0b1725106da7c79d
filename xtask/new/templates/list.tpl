<extend>page
<?body?>
<p><a href="/item/new">New item</a></p>
{list}
</extend>
