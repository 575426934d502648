using System.Text.Json.Nodes;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Tests.Kinds;

namespace CertOperator.Runtime.Tests.Client;

public abstract partial class KubeClientContract
{
    [Fact]
    public async Task A_list_comes_in_pages_of_one_moment()
    {
        foreach (var name in new[] { "a", "b", "c", "d", "e" }) await Client.CreateAsync(Config(name, "v"), Cancel);
        var first = await Client.ListAsync<ConfigMap>(new ListOptions(Ns, LabelSelector: null, Limit: 2), Cancel);
        await Client.CreateAsync(Config("bb", "later"), Cancel);

        var names = first.Items.Select(item => item.Metadata.Name).ToList();
        var page = first;
        while (page.Continue is { } next)
        {
            page = await Client.ListAsync<ConfigMap>(new ListOptions(Ns, Limit: 2, Continue: next), Cancel);
            Assert.Equal(first.ResourceVersion, page.ResourceVersion);
            names.AddRange(page.Items.Select(item => item.Metadata.Name));
        }

        Assert.Equal(2, first.Items.Count);
        Assert.Equal(["a", "b", "c", "d", "e"], names.Where(name => name!.Length == 1));
        Assert.DoesNotContain("bb", names);
    }

    [Fact]
    public async Task A_list_covers_one_namespace_or_all()
    {
        var other = Ns + "-other";
        await Client.CreateAsync(new Namespace { Metadata = new() { Name = other } }, Cancel);
        await Client.CreateAsync(NewWidget("here"), Cancel);
        await Client.CreateAsync(NewWidget("there") with { Metadata = new() { Name = "there", Namespace = other } }, Cancel);

        var here = await Client.ListAsync<Widget>(new ListOptions(Ns), Cancel);
        var everywhere = await Client.ListAsync<Widget>(new ListOptions(), Cancel);

        Assert.Equal(["here"], here.Items.Select(item => item.Metadata.Name));
        Assert.Subset(everywhere.Items.Select(item => item.Metadata.Namespace).ToHashSet(), new HashSet<string?> { Ns, other });
    }

    [Theory]
    [InlineData("app=web", "both,web")]
    [InlineData("app!=web", "db,none")]
    [InlineData("app", "both,db,web")]
    [InlineData("!app", "none")]
    [InlineData("app in (db,cache)", "db")]
    [InlineData("app notin (db)", "both,none,web")]
    [InlineData("app=web,tier=front", "both")]
    public async Task Label_selectors_choose(string selector, string expected)
    {
        await LabeledAsync("web", "app", "web");
        await LabeledAsync("db", "app", "db");
        await LabeledAsync("both", "app", "web", "tier", "front");
        await LabeledAsync("none");

        var list = await Client.ListAsync<Widget>(new ListOptions(Ns, LabelSelector: selector), Cancel);

        Assert.Equal(expected, string.Join(',', list.Items.Select(item => item.Metadata.Name)));
    }

    [Fact]
    public async Task Field_selectors_choose_by_name_and_Secrets_by_type()
    {
        foreach (var name in new[] { "one", "two" }) await Client.CreateAsync(NewWidget(name), Cancel);
        await Client.CreateAsync(new Secret { Metadata = Meta("opaque"), SecretType = "Opaque" }, Cancel);
        await Client.CreateAsync(TlsSecret("tls"), Cancel);

        var byName = await Client.ListAsync<Widget>(new ListOptions(Ns, FieldSelector: "metadata.name=two"), Cancel);
        var byType = await Client.ListAsync<Secret>(new ListOptions(Ns, FieldSelector: "type=kubernetes.io/tls"), Cancel);

        Assert.Equal(["two"], byName.Items.Select(item => item.Metadata.Name));
        Assert.Equal(["tls"], byType.Items.Select(item => item.Metadata.Name));
    }

    [Theory]
    [InlineData(null, "spec.nodeName=x")]
    [InlineData("a=b=c", null)]
    [InlineData("a in (", null)]
    public async Task A_selector_that_makes_no_sense_is_Invalid(string? labels, string? fields)
        => await RefusedAsync(KubeFailure.Invalid, () => Client.ListAsync<Widget>(new ListOptions(Ns, labels, fields), Cancel));

    [Fact]
    public async Task A_page_token_that_makes_no_sense_is_Invalid()
        => await RefusedAsync(KubeFailure.Invalid, () => Client.ListAsync<Widget>(new ListOptions(Ns, Limit: 2, Continue: "nonsense"), Cancel));

    [Fact]
    public async Task An_object_that_does_not_fit_its_record_is_named_and_the_others_are_listed()
    {
        await Client.CreateAsync(new WholeGadget { Metadata = Meta("bad"), Spec = new JsonObject { ["size"] = "large" } }, Cancel);
        await Client.CreateAsync(new Gadget { Metadata = Meta("good"), Spec = new GadgetSpec { Size = 3 } }, Cancel);

        var list = await Client.ListAsync<Gadget>(new ListOptions(Ns), Cancel);

        Assert.Equal(3, Assert.Single(list.Items).Spec?.Size);
        Assert.Equal([new UndecodableObject(Key("bad"), "the value at $.spec.size does not fit its type.")], list.Undecodable);
        var refusal = await RefusedAsync(KubeFailure.Other, () => Client.FindAsync<Gadget>(Key("bad"), Cancel));
        Assert.Contains("$.spec.size", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("large", refusal.Message, StringComparison.Ordinal);
    }

    protected Secret TlsSecret(string name) => new()
    {
        Metadata = Meta(name),
        SecretType = "kubernetes.io/tls",
        Data = new Dictionary<string, byte[]> { ["tls.crt"] = [1], ["tls.key"] = [2] },
    };

    private Task<Widget> LabeledAsync(string name, params string[] labels)
    {
        var pairs = labels.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]);
        var item = NewWidget(name);
        return Client.CreateAsync(item with { Metadata = item.Metadata with { Labels = pairs } }, Cancel);
    }
}
