<extend>page
<?body?>
{form}
</extend>
