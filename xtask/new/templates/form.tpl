<extend>page
<?title?>
{title}
<?body?>
{form}
</extend>
