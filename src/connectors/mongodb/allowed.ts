/**
 * What a query of the catalogue may be made of. A list of what is allowed, because a list of what is not forgets what a
 * later server adds: nothing here writes, runs code, reads another database or tells of the server itself.
 */

export const STAGES: ReadonlySet<string> = new Set([
  ..."$match $project $set $addFields $unset $group $sort $sortByCount $skip $limit $count".split(" "),
  ..."$unwind $bucket $facet $lookup $replaceRoot $replaceWith".split(" "),
]);

/** Of filters and expressions alike. */
export const OPERATORS: ReadonlySet<string> = new Set([
  // Comparing and combining
  ..."$eq $ne $gt $gte $lt $lte $in $nin $cmp $and $or $nor $not $exists $type $expr".split(" "),
  // Texts
  ..."$regex $options $text $search $language $caseSensitive $diacriticSensitive $concat $split".split(" "),
  ..."$substrCP $substrBytes $strLenCP $strLenBytes $strcasecmp $toLower $toUpper $trim $ltrim".split(" "),
  ..."$rtrim $indexOfCP $indexOfBytes $regexFind $regexFindAll $regexMatch $replaceOne $replaceAll".split(
    " ",
  ),
  // Numbers
  ..."$mod $add $subtract $multiply $divide $abs $ceil $floor $round $trunc $pow $sqrt $exp $ln".split(" "),
  ..."$log $log10".split(" "),
  // Lists and objects
  ..."$all $elemMatch $size $arrayElemAt $concatArrays $filter $first $firstN $last $lastN $map".split(" "),
  ..."$reduce $reverseArray $slice $sortArray $range $zip $isArray $arrayToObject $objectToArray".split(" "),
  ..."$indexOfArray $mergeObjects $setUnion $setIntersection $setDifference $setIsSubset $setEquals".split(
    " ",
  ),
  ..."$anyElementTrue $allElementsTrue".split(" "),
  // Choosing
  ..."$cond $switch $ifNull $let $literal $meta".split(" "),
  // Dates
  ..."$dateAdd $dateSubtract $dateDiff $dateTrunc $dateToString $dateFromString $dateToParts".split(" "),
  ..."$dateFromParts $year $month $week $isoWeek $isoWeekYear $dayOfMonth $dayOfWeek $dayOfYear".split(" "),
  ..."$isoDayOfWeek $hour $minute $second $millisecond".split(" "),
  // Types
  ..."$convert $toString $toInt $toLong $toDouble $toDecimal $toBool $toDate $toObjectId $isNumber".split(
    " ",
  ),
  // Groups
  ..."$sum $avg $min $max $minN $maxN $count $push $addToSet $stdDevPop $stdDevSamp $top $topN".split(" "),
  ..."$bottom $bottomN $median $percentile".split(" "),
  // Places
  ..."$geoWithin $geoIntersects $near $nearSphere $geometry $maxDistance $minDistance $box".split(" "),
  ..."$center $centerSphere $polygon".split(" "),
]);
