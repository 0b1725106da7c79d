<extend>page <?body?>
<p class="tools"><a class="button main" href="/task/new">New task</a></p>
{list}
</extend>
