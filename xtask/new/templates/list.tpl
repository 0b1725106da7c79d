<extend>page
<?body?>
<p><a href="{add_at:url}">New item</a></p>
{list}
</extend>
