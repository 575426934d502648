using System.Globalization;

namespace CertOperator.Api;

/// <summary>
/// Minutes by the five fields of crontab(5): minute, hour, day of the month, month, day of the week. Pure. With both kinds of
/// days restricted, either one is enough, as cron has it.
/// </summary>
internal sealed class CronSchedule
{
    private const int MaxLength = 100;

    /// <summary>A 29 February comes again within eight years.</summary>
    private const int DaysAhead = (8 * 366) + 1;

    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    private static readonly string[] Weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    private readonly ulong _minutes;
    private readonly ulong _hours;
    private readonly ulong _days;
    private readonly ulong _months;
    private readonly ulong _weekdays;
    private readonly bool _isEitherDay;

    private CronSchedule(ulong[] fields, bool isEitherDay)
    {
        (_minutes, _hours, _days, _months) = (fields[0], fields[1], fields[2], fields[3]);
        // 7 is Sunday too.
        _weekdays = fields[4] | (fields[4] >> 7);
        _isEitherDay = isEitherDay;
    }

    /// <summary>Reads <c>0 2 * * sat</c> and the like: numbers, names, lists, ranges and steps; null for anything else.</summary>
    public static CronSchedule? Parse(string? text)
    {
        if (text is null or { Length: > MaxLength } || text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not { Length: 5 } parts)
            return null;
        ulong?[] fields =
        [
            Field(parts[0], 0, 59, []), Field(parts[1], 0, 23, []), Field(parts[2], 1, 31, []), Field(parts[3], 1, 12, Months), Field(parts[4], 0, 7, Weekdays),
        ];
        return fields.Contains(null) ? null : new CronSchedule([.. fields.Select(field => field!.Value)], parts[2][0] != '*' && parts[4][0] != '*');
    }

    /// <summary>The first minute after a time, by the clocks of a zone; null if there is none.</summary>
    public DateTimeOffset? Next(DateTimeOffset after, TimeZoneInfo zone)
    {
        DateTime first = TimeZoneInfo.ConvertTime(after, zone).Date;
        int days = (int)Math.Min(DaysAhead, (DateTime.MaxValue - first).TotalDays);
        for (int day = 0; day < days; day++)
        {
            DateTime date = first.AddDays(day);
            if (!Holds(date))
                continue;
            // Clocks that are put back show a time twice, and then the first is meant; so the order of a day's times is not that of their moments.
            if (Times(date).Select(time => Moment(time, zone)).Where(moment => moment > after).Order().Cast<DateTimeOffset?>().FirstOrDefault() is { } next)
                return next;
        }

        return null;
    }

    private bool Holds(DateTime date)
    {
        if (!Has(_months, date.Month))
            return false;
        bool day = Has(_days, date.Day);
        bool weekday = Has(_weekdays, (int)date.DayOfWeek);
        return _isEitherDay ? day || weekday : day && weekday;
    }

    private IEnumerable<DateTime> Times(DateTime date)
        => from hour in Enumerable.Range(0, 24)
           where Has(_hours, hour)
           from minute in Enumerable.Range(0, 60)
           where Has(_minutes, minute)
           select date.AddMinutes((hour * 60) + minute);

    /// <summary>A time that the clocks skip is as much later as they are put forward.</summary>
    private static DateTimeOffset Moment(DateTime local, TimeZoneInfo zone)
    {
        TimeSpan offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max()
            : zone.IsInvalidTime(local) ? zone.GetUtcOffset(local.AddDays(-1))
            : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

    private static bool Has(ulong set, int value) => (set >> value & 1) == 1;

    private static ulong? Field(string text, int least, int most, string[] names)
    {
        ulong set = 0;
        foreach (string part in text.Split(','))
        {
            if (Part(part, least, most, names) is not { } values)
                return null;
            set |= values;
        }

        return set;
    }

    private static ulong? Part(string text, int least, int most, string[] names)
    {
        string[] stepped = text.Split('/');
        int step = 1;
        if (stepped.Length > 2 || (stepped.Length == 2 && (!TryNumber(stepped[1], out step) || step == 0)))
            return null;
        int from = least;
        int to = most;
        if (stepped[0] != "*")
        {
            string[] ends = stepped[0].Split('-');
            if (ends.Length > 2 || Value(ends[0]) is not { } first || Value(ends[^1]) is not { } last)
                return null;
            // "5/10" begins at five and goes on to the end.
            (from, to) = (first, ends.Length == 1 && stepped.Length == 2 ? most : last);
        }

        ulong set = 0;
        for (int value = from; value <= to; value += step)
            set |= 1ul << value;
        return set == 0 ? null : set;

        int? Value(string word)
        {
            int named = Array.FindIndex(names, name => name.Equals(word, StringComparison.OrdinalIgnoreCase));
            if (named >= 0)
                return named + least;
            return TryNumber(word, out int number) && number >= least && number <= most ? number : null;
        }
    }

    private static bool TryNumber(string text, out int number)
    {
        number = 0;
        return text.Length is 1 or 2 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
