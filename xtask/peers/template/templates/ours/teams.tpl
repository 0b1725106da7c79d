<html>
  <head>
    <title>{year}</title>
  </head>
  <body>
    <h1>CSL {year}</h1>
    <ul><?each teams?>
      <li class="<?if @first?>champion<?end if?>">
        <b>{name}</b>: {score}
      </li><?end each?>
    </ul>
  </body>
</html>
