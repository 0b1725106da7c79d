<extend>page <?body?>
<?if ticket?>
<p class="tools">Your appointment is kept as a draft while you pick a contact.
<a class="button main" href="/contact/new?for={ticket:urlencode}">New contact</a>
<a class="button" href="{back:url}">Back without picking</a></p>
<?else?>
<p class="tools"><a class="button main" href="/contact/new">New contact</a></p>
<?end if?>
<form role="search" aria-label="Contacts" class="find">
<label for="find">Find contacts</label>
<input id="find" type="search" name="q" value="{q}" autofocus autocomplete="off">
<?if ticket?><input type="hidden" name="for" value="{ticket}"><?end if?>
<button>Find</button>
</form>
<ul class="lines contacts" id="contacts" data-live="book">
<?each contacts?>
<li>
<?if ticket?>
<form method="post" action="/pick/{ticket}/{id}"><button class="pick" aria-label="Pick {name}">Pick</button></form> <strong>{name}</strong>
<?else?>
<a class="name" href="/contact/{id}/">{name}</a>
<?end if?>
<span class="mail">{email}</span> <span class="phone">{phone}</span>
</li>
<?else?>
<li class="free">No contacts found.</li>
<?end each?>
</ul>
{pager}
</extend>
