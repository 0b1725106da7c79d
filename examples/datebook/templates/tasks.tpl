<extend>page <?body?>
<p class="tools"><a class="button main" href="/task/new">New task</a></p>
<table class="list" id="tasks" data-live="book">
<thead>
<tr><td></td><?each columns?><th scope="col" aria-sort="{direction}"><form method="post" action="/tasks/sort/{order}"><button>{label}<?if is_sorted?> <span aria-hidden="true">▾</span><?end if?></button></form></th><?end each?></tr>
</thead>
<tbody>
<?each tasks?>
<tr class="<?if done?>done<?end if?>">
<td><form method="post" action="/task/{id}/toggle"><button class="tick" aria-label="<?if done?>Not done<?else?>Done<?end if?>: {title}"><?if done?>✓<?else?>&nbsp;<?end if?></button></form></td>
<td><a href="/task/{id}/edit">{title}</a></td>
<td><span class="badge<?if is_high?> high<?end if?>">{priority}</span></td>
<td><?if due?><span class="due<?if is_late?> late<?end if?>">{due}<?if is_late?> (late)<?end if?></span><?end if?></td>
</tr>
<?else?>
<tr><td colspan="4" class="free">Nothing to do.</td></tr>
<?end each?>
</tbody>
</table>
{pager}
</extend>
