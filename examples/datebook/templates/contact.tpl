<extend>page <?body?>
<div class="card">
<?if photo?><img class="photo" src="/contact/{id}/photo" alt="{name}"><?end if?>
<dl>
<?if email?><div><dt>E-mail</dt><dd><a href="mailto:{email}">{email}</a></dd></div><?end if?>
<?if phone?><div><dt>Phone</dt><dd><a href="tel:{phone}">{phone}</a></dd></div><?end if?>
<?if fee?><div><dt>Hourly fee</dt><dd>{fee:fixed_point|2}</dd></div><?end if?>
<?if notes?><div><dt>Notes</dt><dd class="notes">{notes}</dd></div><?end if?>
</dl>
</div>
<p class="tools">
<a class="button main" href="/contact/{id}/edit">Edit</a></p>
<form method="post" action="/contact/{id}/delete" class="delete"><button class="quiet">Delete</button></form>
<h2>Next appointments</h2>
<ul class="lines" id="appointments" data-live="records">
<?each appointments?>
<li><span class="time">{day:date|%A %-d %B %Y}<?if from?>, <?include time?><?end if?></span> <a href="/appointment/{id}/edit">{title}</a><?if place?> <span class="place">{place}</span><?end if?></li>
<?else?>
<li class="free">None</li>
<?end each?>
</ul>
</extend>
