<nav class="pager" aria-label="Pages">
<?if previous?><a href="{previous:url}" rel="prev">Previous page</a><?end if?>
<span>Page {number}</span>
<?if next?><a href="{next:url}" rel="next">Next page</a><?end if?>
</nav>
