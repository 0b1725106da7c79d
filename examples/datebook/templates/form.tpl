<extend>page <?body?>
{form}
<p><a href="{cancel:url}">Cancel</a></p>
<?if delete?>
<form method="post" action="{delete:url}" class="delete"><button class="quiet">Delete</button></form>
<?end if?>
</extend>
