<extend>page <?body?>
<?if ticket?>
<p class="tools">Your appointment is kept as a draft while you pick a contact.
<a class="button main" href="/contact/new?for={ticket:urlencode}">New contact</a>
<a class="button" href="{back:url}">Back without picking</a></p>
<?else?>
<?if is_question?><?else?><p class="tools"><a class="button main" href="/contact/new">New contact</a></p><?end if?>
<?end if?>
{list}
</extend>
