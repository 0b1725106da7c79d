<extend>page <?body?>
<p class="tools">
<a class="button main" href="/appointment/new?day={day:urlencode}">New appointment</a>
<a class="button" href="/day?day={previous:urlencode}">Day before</a>
<a class="button" href="/day?day={next:urlencode}">Day after</a>
<a class="button" href="/?day={day:urlencode}">Week</a>
<a class="button" href="/month?day={day:urlencode}">Month</a>
</p>
<ul class="lines" id="appointments" data-live="records">
<?each appointments?>
<li><span class="time"><?if from?><?include time?><?else?>All day<?end if?></span> <?include appointment?></li>
<?else?>
<li class="free">Free</li>
<?end each?>
</ul>
{pager}
</extend>
