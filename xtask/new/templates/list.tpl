<extend>page
<?title?>
Items
<?body?>
{messages}
<p><a href="/item/new">New item</a></p>
<table id="items" data-live="items">
<thead><tr><th>Name<th>Amount<th>Note</thead>
<tbody>
<?each items?>
<tr><td><a href="/item/{id}/edit">{name}</a><td>{amount:num}<td>{note}
<?else?>
<tr><td colspan="3">Nothing yet.
<?end each?>
</tbody>
</table>
<form method="post" action="/quit"><button>Quit</button></form>
</extend>
