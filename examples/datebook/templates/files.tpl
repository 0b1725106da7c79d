<extend>page <?body?>
<h2>Import</h2>
<p>Choose a CSV file whose first row contains the column names. You will see a preview before
anything is imported.</p>
<form method="post" action="/import" enctype="multipart/form-data" class="solo-form">
<fieldset class="field">
<legend>Contents</legend>
<?each kinds?>
<div class="choice"><input type="radio" name="kind" id="kind-{name}" value="{name}" required<?if is_first?> checked<?end if?>> <label for="kind-{name}">{label}: <small>{columns}</small></label></div>
<?end each?>
</fieldset>
<fieldset class="field">
<legend>Number format</legend>
<?each decimals?>
<div class="choice"><input type="radio" name="decimal" id="decimal-{name}" value="{name}"<?if is_first?> checked<?end if?>> <label for="decimal-{name}">{example}</label></div>
<?end each?>
</fieldset>
<div class="field"><label for="file">File</label><input type="file" id="file" name="file" accept=".csv,text/csv" required></div>
<div class="buttons"><button class="first">Preview</button></div>
</form>
<h2>Export</h2>
<ul class="lines">
<li><a href="/export/contacts.csv">Contacts as CSV</a></li>
<li><a href="/export/appointments.csv">Appointments as CSV</a></li>
<li><a href="/export/tasks.csv">Tasks as CSV</a></li>
<li><a href="/export/appointments.ics">Appointments for calendar programs (iCalendar)</a></li>
</ul>
<h2>Copies</h2>
<p>The datebook is copied every day. <a href="/__copies/">Show the copies</a></p>
</extend>
