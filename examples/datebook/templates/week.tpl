<extend>page <?body?>
<p class="tools">
<a class="button main" href="/appointment/new">New appointment</a>
<a class="button" href="/?day={previous:urlencode}">Previous week</a>
<?if is_this_week?><?else?><a class="button" href="/">This week</a><?end if?>
<a class="button" href="/?day={next:urlencode}">Next week</a>
<button type="button" onclick="print()">Print</button>
</p>
<div class="week" id="week" data-live="records">
<?each days?>
<section class="day<?if is_today?> today<?end if?>" aria-labelledby="d{day}">
<h2 id="d{day}"><a href="/day?day={day:urlencode}"><span>{day:weekday}</span> <small>{day:date|%-d %B}</small></a><?if is_today?><span class="badge">Today</span><?end if?></h2>
<ul>
<?each appointments?>
<li><?if from?><span class="time"><?include time?></span> <?end if?><?include appointment?></li>
<?else?>
<li class="free">Free</li>
<?end each?>
</ul>
<p class="foot"><?if has_more?><a href="/day?day={day:urlencode}">All<span class="unseen"> appointments on {day:date|%A %-d %B %Y}</span>…</a> <?end if?><a class="add" href="/appointment/new?day={day:urlencode}">+ Add<span class="unseen"> an appointment on {day:date|%A %-d %B %Y}</span></a></p>
</section>
<?end each?>
</div>
<section class="next" id="tasks" data-live="records" aria-labelledby="next">
<h2 id="next">Tasks</h2>
<ul class="tasks">
<?each tasks?>
<li><form method="post" action="/task/{id}/toggle?at=week"><button class="tick" aria-label="Done: {title}">&nbsp;</button></form> <a href="/task/{id}/edit">{title}</a><?if is_high?> <span class="badge high">High</span><?end if?><?if due?> <span class="{class}">due {due}</span><?end if?></li>
<?else?>
<li class="free">Nothing to do.</li>
<?end each?>
</ul>
<p class="tools"><a class="button" href="/task/new">New task</a> <a class="button" href="/tasks">All tasks</a></p>
</section>
</extend>
