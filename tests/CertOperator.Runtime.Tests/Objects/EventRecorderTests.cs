using System.Text;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;
using CertOperator.Runtime.Tests.Fakes;
using CertOperator.Runtime.Tests.Kinds;
using Microsoft.Extensions.Logging.Abstractions;

namespace CertOperator.Runtime.Tests.Objects;

public sealed class EventRecorderTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly UnreliableServer _server;
    private readonly CancellationTokenSource _stop = new();
    private readonly Marble _marble;
    private readonly EventRecorder _recorder;
    private Task _running = Task.CompletedTask;

    public EventRecorderTests()
    {
        _server = new UnreliableServer(_time);
        _marble = _server.Put(Marble.Named("a"));
        _recorder = new EventRecorder(_server, "tester", _time, NullLogger.Instance);
    }

    private IReadOnlyList<Event> Events => _server.All<Event>();

    public ValueTask InitializeAsync()
    {
        _running = _recorder.RunAsync(_stop.Token);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    [Fact]
    public async Task An_event_tells_what_happened_to_which_object()
    {
        _recorder.Warning(_marble, "Broken", "It broke.");
        await FlushAsync();
        var written = Assert.Single(Events);
        Assert.Equal(ObjectReference.To(_marble), written.InvolvedObject);
        Assert.Equal(("Broken", "It broke.", "Warning", "tester", 1), (written.Reason, written.Message, written.Severity, written.Source?.Component, written.Count));
        Assert.Equal((_time.GetUtcNow(), _time.GetUtcNow()), (written.FirstTimestamp, written.LastTimestamp));
        Assert.Equal("shop", written.Metadata.Namespace);
        Assert.StartsWith("a.", written.Metadata.Name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_again_within_ten_minutes_is_counted()
    {
        _recorder.Normal(_marble, "Made", "It is made.");
        _time.Advance(TimeSpan.FromMinutes(9));
        _recorder.Normal(_server.Put(Marble.Named("a", "blue")), "Made", "It is made.");
        _time.Advance(TimeSpan.FromMinutes(9));
        _recorder.Normal(_marble, "Made", "It is made.");
        await FlushAsync();
        var written = Assert.Single(Events);
        Assert.Equal(3, written.Count);
        Assert.Equal(TimeSpan.FromMinutes(18), written.LastTimestamp - written.FirstTimestamp);
    }

    [Fact]
    public async Task After_ten_minutes_or_with_other_words_it_is_a_new_event()
    {
        _recorder.Normal(_marble, "Made", "It is made.");
        await FlushAsync();
        _time.Advance(TimeSpan.FromMinutes(10));
        _recorder.Normal(_marble, "Made", "It is made.");
        _recorder.Normal(_marble, "Made", "It is made well.");
        _recorder.Warning(_marble, "Made", "It is made.");
        _recorder.Normal(_server.Put(Marble.Named("b")), "Made", "It is made.");
        await FlushAsync();
        Assert.Equal(5, Events.Count);
        Assert.All(Events, written => Assert.Equal(1, written.Count));
    }

    [Fact]
    public async Task An_event_that_the_server_has_forgotten_is_written_anew()
    {
        _recorder.Normal(_marble, "Made", "It is made.");
        await FlushAsync();
        await _server.DeleteAsync<Event>(new ObjectKey("shop", Events[0].Metadata.Name!), null, CancellationToken.None);
        _recorder.Normal(_marble, "Made", "It is made.");
        await FlushAsync();
        Assert.Equal(1, Assert.Single(Events).Count);
    }

    [Fact]
    public async Task An_object_may_say_25_things_and_then_one_in_five_minutes()
    {
        for (var i = 0; i < 40; i++)
            _recorder.Normal(_marble, "Made", $"It is made {i} times.");
        _recorder.Normal(_server.Put(Marble.Named("b")), "Made", "Another has its own allowance.");
        await FlushAsync();
        Assert.Equal(26, Events.Count);
        _time.Advance(TimeSpan.FromMinutes(5));
        _recorder.Normal(_marble, "Made", "Once more.");
        _recorder.Normal(_marble, "Made", "And once more.");
        await FlushAsync();
        Assert.Equal(27, Events.Count);
    }

    [Fact]
    public async Task A_long_message_is_cut_to_a_kibibyte_between_characters()
    {
        _recorder.Normal(_marble, "Made", new string('é', 2000));
        await FlushAsync();
        var message = Assert.Single(Events).Message!;
        Assert.InRange(Encoding.UTF8.GetByteCount(message), 1020, 1024);
        Assert.Equal(new string('é', message.Length - 1) + "…", message);
    }

    [Fact]
    public async Task Events_about_cluster_scoped_objects_stand_in_default()
    {
        _recorder.Normal(new Marble { Metadata = new ObjectMeta { Name = new string('n', 253) } }, "Made", "It is made.");
        await FlushAsync();
        Assert.Equal("default", Assert.Single(Events).Metadata.Namespace);
        Assert.Equal(253, Events[0].Metadata.Name!.Length);
    }

    [Fact]
    public async Task A_failed_write_loses_that_event_alone()
    {
        _server.FailNext("create", new KubeException(KubeFailure.Forbidden, "The namespace is being deleted."));
        _recorder.Normal(_marble, "Made", "One.");
        _recorder.Normal(_marble, "Made", "Two.");
        await FlushAsync();
        Assert.Equal("Two.", Assert.Single(Events).Message);
    }

    [Fact]
    public async Task When_the_server_hangs_the_caller_does_not()
    {
        _server.FailNext("create", failure: null);
        for (var i = 0; i < 5000; i++)
            _recorder.Normal(_marble, "Made", $"It is made {i} times.");
        await Eventually.That(() => _server.Calls("create") > 0);
        await _stop.CancelAsync();
        await _time.AdvanceUntil(TimeSpan.FromSeconds(1), () => _running.IsCompleted);
    }

    [Fact]
    public async Task What_is_recorded_last_is_written_before_it_stops()
    {
        _recorder.Normal(_marble, "Made", "Last words.");
        await _stop.CancelAsync();
        await _running;
        Assert.Equal("Last words.", Assert.Single(Events).Message);
        _recorder.Normal(_marble, "Made", "Too late.");
    }

    [Fact]
    public async Task Advice_that_stands_in_the_cluster_is_not_written_again_by_another_recorder()
    {
        await AdviseAsync(again: false);
        await AdviseAsync(again: false);
        _recorder.Advise(_marble, "Odd", "It is odd in another way.", again: false);
        await FlushAsync();
        Assert.Equal(2, Events.Count);
        Assert.All(Events, written => Assert.Equal(1, written.Count));
    }

    [Fact]
    public async Task Advice_that_is_due_again_raises_the_count()
    {
        await AdviseAsync(again: false);
        await AdviseAsync(again: true);
        Assert.Equal(2, Assert.Single(Events).Count);
    }

    [Fact]
    public async Task Advice_about_a_later_object_of_the_same_name_is_another()
    {
        await AdviseAsync(again: false);
        _recorder.Advise(_marble with { Metadata = _marble.Metadata with { Uid = "another" } }, "Odd", "It is odd.", again: false);
        await FlushAsync();
        Assert.Equal(2, Events.Count);
    }

    /// <summary>With a recorder of its own, as after a restart.</summary>
    private async Task AdviseAsync(bool again)
    {
        using var stop = new CancellationTokenSource();
        var recorder = new EventRecorder(_server, "tester", _time, NullLogger.Instance);
        recorder.Advise(_marble, "Odd", "It is odd.", again);
        await stop.CancelAsync();
        await recorder.RunAsync(stop.Token);
    }

    private Task FlushAsync() => _recorder.FlushAsync(CancellationToken.None);
}
