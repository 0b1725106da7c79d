<nav class="pager" aria-label="Pages">
<?if first?><a href="{first:url}">First page</a><?end if?>
<?if previous?><a href="{previous:url}" rel="prev">Previous page</a><?end if?>
<?if next?><a href="{next:url}" rel="next">Next page</a><?end if?>
<?if last?><a href="{last:url}">Last page</a><?end if?>
</nav>
