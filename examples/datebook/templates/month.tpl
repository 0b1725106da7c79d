<extend>page <?body?>
<p class="tools">
<a class="button main" href="/appointment/new">New appointment</a>
<a class="button" href="/month?day={previous:urlencode}">Previous month</a>
<?if is_this_month?><?else?><a class="button" href="/month">This month</a><?end if?>
<a class="button" href="/month?day={next:urlencode}">Next month</a>
</p>
<table class="month" id="month" data-live="records">
<thead>
<tr><th scope="col"><abbr title="Week">Wk</abbr></th><th scope="col"><abbr title="Monday">Mon</abbr></th><th scope="col"><abbr title="Tuesday">Tue</abbr></th><th scope="col"><abbr title="Wednesday">Wed</abbr></th><th scope="col"><abbr title="Thursday">Thu</abbr></th><th scope="col"><abbr title="Friday">Fri</abbr></th><th scope="col"><abbr title="Saturday">Sat</abbr></th><th scope="col"><abbr title="Sunday">Sun</abbr></th></tr>
</thead>
<tbody>
<?each weeks?>
<tr>
<th scope="row"><a href="/?day={monday:urlencode}" aria-label="Week {monday:date|%-V}">{monday:date|%-V}</a></th>
<?each days?>
<td class="<?if is_other?>other<?end if?><?if is_today?> today<?end if?>"><a class="number" href="/day?day={day:urlencode}" aria-label="{day:date|%A %-d %B %Y}<?if count?>, appointments: {count}<?end if?>">{day:date|%-d}</a><?if count?><span class="count" aria-hidden="true">{count}</span><?end if?>
<ul><?each appointments?><li><?if from?><span class="time"><?include time?></span> <?end if?><a href="/appointment/{id}/edit">{title}</a></li><?end each?><?if more?><li><a href="/day?day={day:urlencode}" aria-label="{more} more on {day:date|%A %-d %B %Y}">{more} more</a></li><?end if?></ul></td>
<?end each?>
</tr>
<?end each?>
</tbody>
</table>
</extend>
