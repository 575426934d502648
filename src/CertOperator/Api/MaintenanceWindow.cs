using System.Text.RegularExpressions;
using CertOperator.Acme.Renewal;

namespace CertOperator.Api;

/// <summary>Stretches of time that come again, in which a certificate may be renewed.</summary>
/// <param name="Opens">When it opens.</param>
/// <param name="Zone">By the clocks of which zone.</param>
/// <param name="Length">How long it is open.</param>
internal sealed partial record MaintenanceWindow(CronSchedule Opens, TimeZoneInfo Zone, TimeSpan Length)
{
    /// <summary>The opening that holds a time, or else the first one after it; null if it opens never again.</summary>
    public DateTimeOffset? OpeningFor(DateTimeOffset time) => Opens.Next(time - Length, Zone);

    /// <summary>The windows of a spec, with one sentence per broken rule.</summary>
    /// <param name="spec">As written.</param>
    /// <param name="duration">The lifetime asked for.</param>
    /// <param name="left">What is to be left of it at the renewal.</param>
    /// <param name="problems">What is wrong.</param>
    public static IReadOnlyList<MaintenanceWindow> ReadAll(CertificateSpec spec, TimeSpan duration, TimeSpan left, List<string> problems)
    {
        if (spec.Renewal?.Windows is not { Count: > 0 } written)
            return [];
        TimeSpan margin = RenewalSchedule.SafetyMargin(duration);
        if (left <= margin)
            problems.Add($"renewal.windows can never be kept: the renewal is planned {GoDuration.Format(left)} before the end, and the last safe moment is {GoDuration.Format(margin)} before it: raise renewBefore, or remove the windows.");
        return [.. written.Select((window, index) => Read(window, $"renewal.windows[{index}]", problems)).OfType<MaintenanceWindow>()];
    }

    /// <summary>Reads a window; null, with one sentence per broken rule, if it is none.</summary>
    /// <param name="spec">As written.</param>
    /// <param name="field">Its place, for the sentences.</param>
    /// <param name="problems">What is wrong.</param>
    private static MaintenanceWindow? Read(RenewalWindowSpec spec, string field, List<string> problems)
    {
        int before = problems.Count;
        if (CronSchedule.Parse(spec.Cron) is not { } opens)
        {
            problems.Add($"{field}.cron \"{CertificateRules.Shown(spec.Cron)}\" cannot be read: write minute, hour, day of the month, month and day of the week, for example \"0 2 * * sat\".");
            return null;
        }

        TimeZoneInfo? zone = TimeZoneInfo.Utc;
        if (spec.Timezone is { Length: > 0 } name && !(ZoneName().IsMatch(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone)))
            problems.Add($"{field}.timezone \"{CertificateRules.Shown(name)}\" cannot be found on this system: write a name of the IANA database, for example Europe/Berlin.");
        if (!GoDuration.TryParse(spec.WindowDuration, out TimeSpan length))
            problems.Add($"{field}.windowDuration \"{CertificateRules.Shown(spec.WindowDuration)}\" cannot be read: write hours and minutes, for example 4h or 1h30m.");
        else if (opens.Next(DateTimeOffset.UnixEpoch, TimeZoneInfo.Utc) is null)
            problems.Add($"{field}.cron \"{CertificateRules.Shown(spec.Cron)}\" names a day that never comes.");
        return problems.Count == before ? new MaintenanceWindow(opens, zone!, length) : null;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_+-]{1,32}(/[A-Za-z0-9_+-]{1,32}){0,2}\z")]
    private static partial Regex ZoneName();
}
