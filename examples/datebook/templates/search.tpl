<extend>page <?body?>
<form role="search" aria-label="Everything" class="find">
<label for="find">Find in contacts, appointments and tasks</label>
<input id="find" type="search" name="q" value="{q}" autofocus autocomplete="off">
<button>Find</button>
</form>
<?if is_asked?>
<?if contacts?>
<h2>Contacts</h2>
<ul class="lines">
<?each contacts?>
<li><a href="/contact/{id}/">{name}</a> <span class="mail">{email}</span> <span class="phone">{phone}</span></li>
<?end each?>
</ul>
<?end if?>
<?if tasks?>
<h2>Tasks</h2>
<ul class="lines">
<?each tasks?>
<li class="<?if done?>done<?end if?>"><a href="/task/{id}/edit">{title}</a><?if due?> <span class="{class}">due {due}</span><?end if?></li>
<?end each?>
</ul>
<?end if?>
<h2>Appointments</h2>
<ul class="lines">
<?each appointments?>
<li><span class="time">{day:date|%A %-d %B %Y}<?if from?>, <?include time?><?end if?></span> <?include appointment?></li>
<?else?>
<li class="free">No results.</li>
<?end each?>
</ul>
{pager}
<?end if?>
</extend>
