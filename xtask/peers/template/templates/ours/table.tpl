<table><?each table?><tr><?each @it?><td>{@it}</td><?end each?></tr>
<?end each?></table>
