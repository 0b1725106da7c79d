<a href="/appointment/{id}/edit">{title}</a><?if contact?> <span class="with">with <a href="/contact/{contact}/">{name}</a></span><?end if?><?if place?> <span class="place">{place}</span><?end if?>
