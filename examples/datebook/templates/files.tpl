<extend>page <?body?>
<h2>Import</h2>
<p>Choose a CSV file whose first row contains the column names. You will see a preview before
anything is imported.</p>
{form}
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
