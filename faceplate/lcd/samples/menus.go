package samples

import "deskset/phonecore/view"

var settingsItems = []view.Item{
	{Number: 1, Label: "Contrast", Value: "10"},
	{Number: 2, Label: "Ring Type", Value: "Old bell"},
	{Number: 3, Label: "Network Configuration"},
	{Number: 4, Label: "SIP Configuration"},
	{Number: 5, Label: "Status"},
	{Number: 6, Label: "Unlock Config"},
}

var networkItems = []view.Item{
	{Number: 1, Label: "DHCP Server", Value: "192.0.2.1"},
	{Number: 2, Label: "MAC Address", Value: "00503EFFD842"},
	{Number: 3, Label: "Host Name", Value: "SIP00503EFFD842"},
	{Number: 4, Label: "Domain Name", Value: "example.com"},
	{Number: 5, Label: "IP Address", Value: "192.0.2.44"},
	{Number: 6, Label: "Subnet Mask", Value: "255.255.255.0"},
	{Number: 7, Label: "TFTP Server", Value: "192.0.2.10"},
	{Number: 8, Label: "Default Router 1", Value: "192.0.2.1"},
	{Number: 9, Label: "Default Router 2", Value: "0.0.0.0"},
	{Number: 10, Label: "Default Router 3", Value: "0.0.0.0"},
	{Number: 11, Label: "DNS Server 1", Value: "192.0.2.53"},
	{Number: 12, Label: "Operational VLAN Id"},
	{Number: 13, Label: "Admin. VLAN Id", Value: "4095"},
	{Number: 14, Label: "DHCP Enabled", Value: "Yes"},
	{Number: 15, Label: "DHCP Address Released", Value: "No"},
	{Number: 16, Label: "Alternate TFTP", Value: "No"},
	{Number: 17, Label: "Erase Configuration", Value: "No"},
}

func menu(name, title string, items []view.Item, selected int, prompt string, keys [view.NumSoftKeys]string) Sample {
	return sample(name, view.Screen{
		Layout: view.LayoutMenu, Title: title, Items: items, Selected: selected, Prompt: prompt, Soft: keys,
	})
}

func locked(s Sample, icon view.Icon) Sample {
	s.View.Screen.Status.Icon = icon
	return s
}

func menus() []Sample {
	missed := []view.Item{
		{Icon: view.IconRinging, Label: "Ada Lovelace", Value: "Today at 10:12a"},
		{Icon: view.IconRinging, Label: "5550123", Value: "Today at 8:55a"},
		{Icon: view.IconRinging, Label: "Grace Hopper", Value: "Yesterday at 5:20p"},
		{Icon: view.IconRinging, Label: "reception@branch-office.example.com", Value: "On Monday at 9:01a"},
		{Icon: view.IconRinging, Label: "Private", Value: "11/09/26"},
	}
	placed := []view.Item{
		{Icon: view.IconRingOut, Label: "Front desk", Value: "Today at 9:40a"},
		{Icon: view.IconRingOut, Label: "5550199", Value: "Yesterday at 4:31p"},
	}
	rings := []view.Item{
		{Number: 1, Label: "Old bell"}, {Number: 2, Label: "Two tones", Value: "in use"}, {Number: 3, Label: "Glass"},
		{Number: 4, Label: "Marimba"}, {Number: 5, Label: "Pulse"}, {Number: 6, Label: "Office, far away"}, {Number: 7, Label: "Silent"},
	}
	return []Sample{
		menu("settings", "Settings", settingsItems, 2, "Settings are locked: press **#", soft("Select", "", "", "Exit")),
		locked(menu("network-locked", "Network Configuration", networkItems, 3, "Settings are locked: press **#",
			soft("Select", "", "", "Exit")), view.IconLocked),
		locked(menu("network-unlocked", "Network Configuration", networkItems, 12, "",
			soft("Edit", "Save", "", "Cancel")), view.IconUnlocked),
		menu("directories", "Directories", []view.Item{
			{Number: 1, Label: "Missed Calls", Value: "5"}, {Number: 2, Label: "Received Calls"},
			{Number: 3, Label: "Placed Calls"}, {Number: 4, Label: "Corporate Directory"},
		}, 0, "Use number keys or scroll to select", soft("Select", "", "", "Exit")),
		menu("missed-calls", "Missed Calls", missed, 0, "1 of 5", soft("Dial", "EditDial", "Delete", "more")),
		menu("placed-calls", "Placed Calls", placed, 1, "2 of 2", soft("Dial", "EditDial", "Delete", "more")),
		menu("received-calls", "Received Calls", nil, -1, "No calls", soft("", "", "", "Exit")),
		menu("ring-type", "Ring Type", rings, 6, "Scroll to hear more", soft("Select", "Play", "Save", "Cancel")),
	}
}
