{from:time}<?if to?>–{to:time}<?end if?>
