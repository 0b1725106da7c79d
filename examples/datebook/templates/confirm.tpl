<extend>page <?body?>
{question}
</extend>
